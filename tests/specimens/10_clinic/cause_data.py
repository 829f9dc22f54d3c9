# %% wrong: no tanh
# fails: cause_data_choice
# says: the paper of the real images would still be -1
# score: 0
cause_data = "A"


# %% wrong: the drawing
# fails: cause_data_choice
# says: the same function draws
# score: 0
cause_data = "B"


# %% wrong: too short
# fails: cause_data_choice
# says: as grey after 600 steps as after 150
# score: 0
cause_data = "C"


# %% wrong: too strong
# fails: cause_data_choice
# says: does not prefer one grey
# score: 0
cause_data = "E"


# %% right: a letter
cause_data = "D"
