# Filters the guides for Doxygen: sed -E -f.
/^```[a-z]/,/^```$/b

# Puts a link's text on one line.
:join
/\[[^]]*$/{
  N
  s@\n *@ @
  b join
}

# Points links to example programs at their pages, removes links to files outside the reference, and
# points links to a heading, whose anchor differs here, at the page.
s@\]\((\.\./)+tests/examples/([a-z_]+\.cpp)\)@](\@ref \2)@g
s@\[([^]]*)\]\((\.\./)+app/[^)]*\)@\1@g
s@\[([^]]*)\]\(#[^)]*\)@\1@g
s@(\.md)#[a-z-]+\)@\1)@g

# Drops the asyncio:: prefix of names in tables.
/^\|.*asyncio::/s@asyncio::([A-Za-z_]+)@\\ref asyncio::\1 "\1"@g
