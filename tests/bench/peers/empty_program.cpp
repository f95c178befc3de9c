// An empty program: a lower limit for the start of the tool.

int main() {}
