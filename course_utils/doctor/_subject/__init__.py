"""What the doctor looks at: a model, its data and how it is trained, or what an exception went through.

``_model`` loads Keras, and whoever reads only a traceback does without: so nothing is imported here.
"""
