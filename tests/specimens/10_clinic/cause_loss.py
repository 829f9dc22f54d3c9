# %% wrong: taken for the end of the game
# fails: cause_loss_choice
# says: this one says 0 to everything
# score: 0
cause_loss = "A"


# %% wrong: the wrong half of the game
# fails: cause_loss_choice
# says: a healthy discriminator would learn
# score: 0
cause_loss = "B"


# %% wrong: memorizing
# fails: cause_loss_choice
# says: a probability near 1
# score: 0
cause_loss = "D"


# %% wrong: labels, and the right one too
# fails: cause_loss_choice
# says: with exchanged labels
# score: 0
cause_loss = {"C", "E"}


# %% wrong: not answered
# fails: cause_loss_choice
# says: not answered yet
# score: 0
cause_loss = None


# %% right: a set
cause_loss = {"C"}


# %% right: a small letter
cause_loss = "c"
