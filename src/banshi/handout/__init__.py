"""Hand-out: results shelved with a place, collected against identity and signature, sent by express, put in a locker."""
