"""What a person does with the own account: sign-ins, password, export, farewell."""
