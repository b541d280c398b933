"""How the doctor shows itself: under a failing cell, and behind a failing script."""
