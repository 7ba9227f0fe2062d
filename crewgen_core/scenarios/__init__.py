"""The demo's scenarios: objectives that people really have, and runs simulated from the estimates of their crews.

``scenario`` says what a data file holds, ``reading`` reads the files, ``simulating`` draws runs. Nothing here is a
result of a model: the built-in engine designs the crews when the demo is loaded, and runs are drawn from what it
estimates.
"""
