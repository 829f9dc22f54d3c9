# %% wrong: bad images taken for collapse
# fails: mode_collapse_symptoms_choice
# says: C: noise covers no mode at all
# score: 0
mode_collapse_symptoms = {"A", "B", "C", "D", "H"}


# %% wrong: one digit missing in a small grid
# fails: mode_collapse_symptoms_choice
# says: chance does this
# score: 0
mode_collapse_symptoms = {"A", "F", "H"}


# %% wrong: a loss
# fails: mode_collapse_symptoms_choice
# says: a loss alone says nothing
# score: 0
mode_collapse_symptoms = {"D", "E"}


# %% wrong: the end of the game
# fails: mode_collapse_symptoms_choice
# says: this is how the game should end
# score: 0
mode_collapse_symptoms = {"A", "B", "D", "G", "H"}


# %% wrong: one is missing
# fails: mode_collapse_symptoms_choice
# says: expected:  1 more
# score: 0
mode_collapse_symptoms = {"A", "B", "D"}


# %% wrong: all
# fails: mode_collapse_symptoms_choice
# says: not every chosen option is right
# score: 0
mode_collapse_symptoms = set("ABCDEFGH")


# %% wrong: no such letter
# fails: mode_collapse_symptoms_choice
# says: there is no such option
# score: 0
mode_collapse_symptoms = {"A", "B", "D", "H", "I"}


# %% wrong: not answered
# fails: mode_collapse_symptoms_choice
# says: not answered yet
# score: 0
mode_collapse_symptoms = set()


# %% right: a list in another order
mode_collapse_symptoms = ["H", "D", "B", "A"]


# %% right: small letters in a string
mode_collapse_symptoms = "a, b, d, h"
