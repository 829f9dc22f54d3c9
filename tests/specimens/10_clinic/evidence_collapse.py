# %% wrong: the losses
# fails: evidence_collapse_choice
# says: a low loss says that this discriminator is deceived
# score: 0
evidence_collapse = {"B", "G"}


# %% wrong: the judge is sure
# fails: evidence_collapse_choice
# says: must name a digit for every image
# score: 0
evidence_collapse = {"A", "C", "D", "F"}


# %% wrong: far from the training digits
# fails: evidence_collapse_choice
# says: they are no copies
# score: 0
evidence_collapse = "ADEF"


# %% wrong: high loss of the discriminator
# fails: evidence_collapse_choice
# says: says that the discriminator errs
# score: 0
evidence_collapse = ["D", "F", "G"]


# %% wrong: one is missing
# fails: evidence_collapse_choice
# says: right so far, but not complete
# score: 0
evidence_collapse = {"A", "D"}


# %% wrong: everything
# fails: evidence_collapse_choice
# says: not every chosen option is right
# score: 0
evidence_collapse = set("ABCDEFG")


# %% right: a set
evidence_collapse = {"A", "D", "F"}


# %% right: small letters in a list
evidence_collapse = ["f", "d", "a"]


# %% right: one string
evidence_collapse = "A, D, F"
