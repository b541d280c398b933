"""Code: removed-api

Source: keras-team/keras#21089 'Lambda output_shape' (from keras import backend as K is gone)
True cause: keras.backend no longer has expand_dims and the like; inside a Lambda the failure may read 'could not automatically infer the shape'.
Tutor: from keras import ops; ops.expand_dims(x, -1)
"""

import keras
from keras import backend as K
from keras.layers import Conv1D, Dense, GlobalMaxPooling1D, Input, Lambda

features = Input((60,))
wide = Lambda(lambda t: K.expand_dims(t, axis=-1))(features)
out = Dense(1)(GlobalMaxPooling1D()(Conv1D(8, 3)(wide)))
model = keras.Model(features, out)
