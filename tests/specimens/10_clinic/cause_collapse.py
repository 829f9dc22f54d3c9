# %% wrong: few kinds of digits
# fails: cause_collapse_choice
# says: answer to real images hardly moves
# score: 0
cause_collapse = "A"


# %% wrong: a slow generator
# fails: cause_collapse_choice
# says: go on drawing the same digits
# score: 0
cause_collapse = "C"


# %% wrong: a strong discriminator
# fails: cause_collapse_choice
# says: up to many millions
# score: 0
cause_collapse = "D"


# %% wrong: copies
# fails: cause_collapse_choice
# says: of all kinds
# score: 0
cause_collapse = "E"


# %% right: a letter
cause_collapse = "B"
