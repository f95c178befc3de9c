# Filters the headers and the examples for Doxygen: sed -E -f. Keeps the line numbers.

# Makes a label of a comment, as in `/// Throws:   RuntimeError`, a paragraph of its own.
s@^( */// *)(Throws|Resumes|Cancel|Thread|Lifetime|Cost|Python|Returns):  *@\1\\label{\2} @
s@^( */// *)REQUIRES:  *@\1\\label{Requires} @

# In a synopsis, Awaitable<T> yields a T when awaited, and T is the result type of the argument.
s@detail::AcquireAwaitable<[^>]*>@Awaitable<bool>@g
s@detail::ScopedAwaitable<[^>]*>@Awaitable<Guard>@g
s@detail::EventAwaitable@Awaitable<bool>@g
s@detail::Queue(Put|Join)Awaitable(<T>)?@Awaitable<void>@g
s@detail::QueueGetAwaitable<T>@Awaitable<T>@g
s@NextAwaitable next@Awaitable<std::optional<T>> next@
s@CloseAwaitable aclose@Awaitable<void> aclose@
s@detail::TaskOf<[^>]*>@Task<T>@g
s@detail::opened_t<[^>]*>@T@g
s@detail::PredicateValue<Predicate>@T@g
s@detail::CommonFuture<@std::common_type_t<@g
s@detail::GatheredVector<@std::vector<@g
s@detail::regular_t<detail::gathered_t<As>>@typename As::value_type@g
s@detail::regular_t<T>@T@g
s@detail::gathered_t<As>@typename As::value_type@g
s@detail::gathered_t<A>@typename A::value_type@g
s@template <detail::[A-Za-z]+@template <class@
s@requires detail::CallableNow<@requires std::invocable<@
s@= detail::Ref<detail::UserCallback>;@= unspecified;@
s@asyncio::Guard<detail::[A-Za-z]*>@asyncio::Guard<unspecified>@
s@^SleepAwaitable sleep@Awaitable<void> sleep@

# Expands the namespace alias aio in the examples, and drops // [name] and // [/name], which mark
# parts for the guides.
s@(^|[^A-Za-z_])aio::@\1asyncio::@g
/^ *\/\/ \[.*\]$/s@.*@@
