"""Removal of a team's Studio: what `destroy` cannot delete, because people made it or SageMaker leaves it behind.

mine = Studio(plan, session)
found = look(mine)          # reads only
tear_down(mine, ...)        # in AWS's order; what is gone already is passed over
"""
