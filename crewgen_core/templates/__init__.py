"""Templates: crews that are used again, with blanks that are filled for each use.

``values`` reads what fills the blanks, ``filling`` puts it into the texts, ``checking`` says what is wrong with a
template. ``proposing`` makes a template of a crew. ``adapting`` fits a filled skeleton to an objective; ``composer``
does so where crews are composed, and ``changes`` lets a model do the wording with few words. ``suggesting`` ranks
templates for an objective, ``file`` is how they travel, ``shipped`` are those that come with crewgen.
"""
