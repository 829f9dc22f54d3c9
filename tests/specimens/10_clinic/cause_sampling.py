# %% wrong: collapse
# fails: cause_sampling_choice
# says: agree to the last pixel
# score: 0
cause_sampling = "A"


# %% wrong: a fixed seed
# fails: cause_sampling_choice
# says: 16 different ones
# score: 0
cause_sampling = "B"


# %% wrong: one kind of digit
# fails: cause_sampling_choice
# says: in many handwritings
# score: 0
cause_sampling = "C"


# %% wrong: input ignored
# fails: cause_sampling_choice
# says: would soon recognize it
# score: 0
cause_sampling = "D"


# %% right: a letter
cause_sampling = "E"
