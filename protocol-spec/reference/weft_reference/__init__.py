"""A second implementation of the protocol: slow, readable, standard library only.

Pages and modules go together: values.md and values.py, model.md and names.py, registers.py and quarantine.py,
carriers.md and object_event.py, binary.md and sections.py, binary_block.py and binary_file.py, reduction.md and
reduction.py and transforms.py, rules.md and rules.py and schemas.py.
"""
