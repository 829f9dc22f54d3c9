# %% wrong: a triumph
# fails: cause_labels_choice
# says: cannot both stay near 0
# score: 0
cause_labels = "B"


# %% wrong: a strong discriminator
# fails: cause_labels_choice
# says: the generator's loss rises
# score: 0
cause_labels = "C"


# %% wrong: the saturating loss
# fails: cause_labels_choice
# says: never above 0
# score: 0
cause_labels = "D"


# %% wrong: the generator has won
# fails: cause_labels_choice
# says: a probability near 1
# score: 0
cause_labels = "E"


# %% right: a tuple
cause_labels = ("A",)
