"""The database itself: connections and transactions, schema, migrations, locks, blobs, back-up.

Every other folder of the store stands on it; it imports none of them.
"""
