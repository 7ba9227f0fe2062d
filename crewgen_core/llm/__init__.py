"""Asking a model: the only room that knows LiteLLM.

``client`` asks once, within a deadline; ``call`` says what is asked and answered, ``completion`` reads LiteLLM's
response, ``faults`` says that there was no answer and ``translation`` why, in plain words. ``address`` tells a server's
address from anything else. ``loop`` lets threads share one event loop. ``prices`` knows what models cost, ``providers``
who serves them; both work without LiteLLM, which ``door`` imports when first needed.
"""
