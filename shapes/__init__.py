"""What counts as sound: fields and layout (forms), rules on the chain, and validation of publications.

``form.load_forms`` gives the declared fields, ``validation.validate`` a report,
``validation.rules`` the rules; ``report`` and ``exports`` give a report out.
Nothing is imported here, so readers of forms load no engine.
"""
