"""Reads the sources of a checkout for scripts/check_layers.

Finds the code without its comments, the includes, and where namespaces, classes and functions begin
and end. Understands the layout that clang-format gives the sources of this project; it is no parser
for C++ in general.
"""

import re
import sys
from functools import cached_property

UMBRELLA = 'asyncio/asyncio.hpp'
INCLUDE_DIRECTORY = 'lib/include/'

COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|'
    r'(?<!\w)\'(?:\\.|[^\'\\\n])+\'', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)
INCLUDE = re.compile(r'^ *# *include *([<"])([^>"]+)', re.M)
ACCESS_LABELS = re.compile(r'\s*(?:(?:public|private|protected)\s*:(?!:)\s*)*')
# The beginning of an enumeration, a value, a requires expression, or the initializer of a member.
INITIALIZER = re.compile(r'^enum\b|\s=\s|requires\s*(\(\))?$|\)[^:]*:[^:].*[\w>]$', re.S)
TEST = re.compile(r'\w*TEST\w*\(\s*(\w+),\s*(\w+)')


def blank(match):
    """Replaces a match by as many spaces and lines."""
    return re.sub(r'[^\n]', ' ', match.group())


def collapse(text, pattern, replacement):
    """Replaces nested groups from the inside out."""
    while True:
        shorter = re.sub(pattern, replacement, text)
        if shorter == text:
            return text
        text = shorter


def without_template(head):
    """Removes `template <...>` and what it requires from the beginning of a declaration."""
    while match := re.match(r'\s*template\s*<', head):
        end, depth = match.end(), 1
        while depth and end < len(head):
            depth += {'<': 1, '>': -1}.get(head[end], 0)
            end += 1
        head = re.sub(r'^\s*requires\b[^\n]*\n', '', head[end:])
    return head.strip()


class Block:
    """A namespace, a class, a function or an initializer, from its first line to its last."""

    def __init__(self, code, begin, brace):
        begin = ACCESS_LABELS.match(code, begin, brace).end()
        raw = code[begin:brace]
        self.body = brace + 1
        self.end = len(code)
        self.first = code.count('\n', 0, begin) + 1
        self.last = None
        head = collapse(collapse(raw, r'\((?:[^()]|\(\))+\)', '()'), r'\{[^{}]+\}', '{}')
        self.kind, self.name = classify(without_template(re.sub(r'\[\[.*?\]\]', '', head)))
        if test := TEST.match(raw):
            self.name = '.'.join(test.groups())

    @property
    def is_detail(self):
        return self.kind == 'namespace' and 'detail' in self.name.split('::')

    def close(self, code, end):
        self.end = end
        self.last = code.count('\n', 0, end) + 1


def classify(head):
    """Returns the kind and the name of a block. In its head, () stands for all arguments."""
    if match := re.match(r'(?:inline )?namespace\b\s*([\w:]*)|extern\s*$', head):
        return 'namespace', match.group(1) or ''
    if match := re.match(r'(?:class|struct|union)\s+(?:alignas\(\)\s+)?([\w:]+)', head):
        return 'class', match.group(1)
    if match := re.search(r'(\w+)\s+=\s+\[', head):
        return 'function', match.group(1)  # a lambda with a name
    if '()' not in head or INITIALIZER.search(head):
        return 'initializer', ''
    before = head.replace('operator()', 'operator').partition('(')[0]
    match = re.search(r'((?:\w+(?:<[^<>()]*>)?::)*(?:operator.*|~?\w+))\s*$', before, re.S)
    return 'function', match.group(1) if match else before.strip()


def find_blocks(code):
    """Lists the blocks outside functions, in order. Functions in a class are listed too."""
    blocks, scopes = [], []
    begin = parentheses = nested = 0
    function = None
    for token in re.finditer(r'[{}();]', code):
        char, at = token.group(), token.start()
        if nested:
            nested += {'{': 1, '}': -1}.get(char, 0)
            if not nested and function:
                function.close(code, at)
                function, begin = None, at + 1
        elif char in '()':
            parentheses += 1 if char == '(' else -1
        elif char == '{':
            block = None if parentheses else Block(code, begin, at)
            if block and block.kind in ('namespace', 'class'):
                scopes.append(block)
                begin = at + 1
            else:
                nested = 1
                function = block if block and block.kind == 'function' else None
            if block and block.kind != 'initializer':
                blocks.append(block)
        elif char == '}' and scopes:
            scopes.pop().close(code, at)
            begin = at + 1
        elif char == ';' and not parentheses:
            begin = at + 1
    return blocks


class Source:
    """A file of the checkout, by its path in it."""

    def __init__(self, root, path):
        self.path = path
        self.text = (root / path).read_text(encoding='utf-8')

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def code(self):
        """The text with spaces in place of comments and literals."""
        return COMMENT_OR_LITERAL.sub(blank, self.text)

    @cached_property
    def includes(self):
        """Each include as a pair: its quote, and the header."""
        return INCLUDE.findall(self.text)

    @cached_property
    def blocks(self):
        return find_blocks(DIRECTIVE.sub(blank, self.code))

    def matches(self, pattern, text=None):
        """Yields `PATH:LINE: TEXT` for each line of the code that matches."""
        for number, line in enumerate((self.code if text is None else text).splitlines()):
            if re.search(pattern, line):
                yield f'{self.path}:{number + 1}: {self.lines[number].strip()}'


def ranks(document, path, first, last):
    """Reads the line `first -> ... -> last` of a document. Returns the rank of each name in it."""
    text = document.read_text(encoding='utf-8') if document.is_file() else ''
    match = re.search(f'^{first} -> .*{last}$', text, re.M)
    if not match:
        sys.exit(f"{path} has no line '{first} -> ... -> {last}'")
    groups = re.split(' *-> *', match.group())
    return {name: rank for rank, group in enumerate(groups) for name in re.split(r' *\| *', group)}


class Tree:
    """The sources of a checkout."""

    def __init__(self, root):
        self.root = root
        self.layers = ranks(root / 'lib/README.md', 'lib/README.md', 'app', 'base')
        self.rooms = ranks(root / 'app/README.md', 'app/README.md', 'main', 'system')
        self.app = self.read('app', '*.[ch]pp')
        self.lib = self.read('lib', '*.[ch]pp')
        self.tests = self.read('tests', '*.[ch]pp')
        self.scripts = self.read('.ci', '*') + self.read('scripts', '*')
        for folder in ('app', 'lib', 'tests'):
            self.scripts += self.read(folder, 'CMakeLists.txt')
        self.headers = {source.path.removeprefix(INCLUDE_DIRECTORY): source for source in self.lib
                        if source.path.startswith(INCLUDE_DIRECTORY)}
        self.internal = {name for name in self.headers if name.startswith('asyncio/detail/')}
        self.public = {name: source for name, source in self.headers.items()
                       if name not in self.internal and name != UMBRELLA}

    def read(self, folder, pattern):
        paths = sorted((self.root / folder).rglob(pattern))
        names = [path.relative_to(self.root).as_posix() for path in paths if path.is_file()]
        return [Source(self.root, name) for name in names if '__pycache__' not in name]

    def __contains__(self, path):
        return (self.root / path).is_file()

    def included_headers(self, source):
        return [name for _, name in source.includes if name in self.headers]

    def layer_of(self, path):
        """Returns the layer of a library file, or of a header as an include names it."""
        parts = re.sub('^(lib/(include|src)/)?(asyncio/)?(detail/)?', '', path).split('/')
        return parts[0] if len(parts) > 1 else ''
