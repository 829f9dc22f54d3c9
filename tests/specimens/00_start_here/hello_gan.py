# %% wrong: prints and returns nothing
# fails: hello_gan_greets
# says: printing is not enough
# score: 0
def hello_gan(name):
    print(f"Hello, {name}!")


# %% wrong: the example's name instead of the parameter
# fails: hello_gan_greets
# says: the name must come from the parameter
# score: 0
def hello_gan(name):
    return "Hello, Ada!"


# %% wrong: no exclamation mark
# fails: hello_gan_greets
# says: join the three parts
# score: 0
def hello_gan(name):
    return "Hello, " + name


# %% wrong: the f is forgotten
# fails: hello_gan_greets
# says: the f before the quotes is missing
# score: 0
def hello_gan(name):
    return "Hello, {name}!"


# %% wrong: a line break at the end
# fails: hello_gan_greets
# says: extra space or line break
# score: 0
def hello_gan(name):
    return f"Hello, {name}!\n"


# %% wrong: small letters
# fails: hello_gan_greets
# says: capitals, spaces, comma
# score: 0
def hello_gan(name):
    return f"hello, {name}!"


# %% wrong: another parameter list
# fails: hello_gan_greets
# says: parameters are not those that the text names
# score: 0
def hello_gan():
    return "Hello, Ada!"


# %% right: joined with plus
def hello_gan(name):
    return "Hello, " + name + "!"


# %% right: by format, after a warning
def hello_gan(who):
    import warnings

    warnings.warn("this costs nothing", stacklevel=1)
    return "Hello, {}!".format(who)


# %% right: a lambda
hello_gan = lambda name: "".join(["Hello, ", name, "!"])
