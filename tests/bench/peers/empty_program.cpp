// What every program costs: the limit of the tool's start.

int main() {}
