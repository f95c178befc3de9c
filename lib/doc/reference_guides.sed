# How Doxygen reads the guides: sed -E -f.
/^```[a-z]/,/^```$/b

# A link's text on one line.
:join
/\[[^]]*$/{
  N
  s@\n *@ @
  b join
}

# Links to programs lead to their pages; those to what is no part of the reference, nowhere; those to a
# heading, whose name is another one here, to the page.
s@\]\((\.\./)+tests/examples/([a-z_]+\.cpp)\)@](\@ref \2)@g
s@\[([^]]*)\]\((\.\./)+app/[^)]*\)@\1@g
s@\[([^]]*)\]\(#[^)]*\)@\1@g
s@(\.md)#[a-z-]+\)@\1)@g

# A table of names has the names only.
/^\|.*asyncio::/s@asyncio::([A-Za-z_]+)@\\ref asyncio::\1 "\1"@g
