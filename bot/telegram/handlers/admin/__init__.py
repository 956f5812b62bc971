"""What only admins may do, a room for each kind of thing. Every path asks who it is.

`router` holds them all. It goes before the rooms for everybody: admins get a /sources of their own,
and a text that answers a question about a file is no question about the corpus.
"""

from aiogram import Router

from bot.telegram.handlers.admin.reindex import router as _reindex
from bot.telegram.handlers.admin.review import router as _review
from bot.telegram.handlers.admin.sources import router as _sources
from bot.telegram.handlers.admin.stats import router as _stats
from bot.telegram.handlers.admin.uploads import router as _uploads

routers = (_reindex, _stats, _sources, _review, _uploads)
router = Router(name="admin")
router.include_routers(*routers)
