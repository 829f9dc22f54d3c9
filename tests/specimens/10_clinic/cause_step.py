# %% wrong: a generator that stands still
# fails: cause_step_choice
# says: against a generator that stands still
# score: 0
cause_step = "A"


# %% wrong: taken for the end of the game
# fails: cause_step_choice
# says: real images get 0.5 as well
# score: 0
cause_step = "C"


# %% wrong: long steps
# fails: cause_step_choice
# says: would not keep one half
# score: 0
cause_step = "D"


# %% wrong: the labels
# fails: cause_step_choice
# says: its answer to fakes would go to 0
# score: 0
cause_step = {"E"}


# %% right: a list
cause_step = ["B"]
