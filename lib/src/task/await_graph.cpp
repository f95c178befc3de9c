#include <algorithm>
#include <asyncio/task/await_graph.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task.hpp>
#include <ostream>

namespace asyncio {

namespace detail {

void throw_already_awaited() {
  throw RuntimeError("cannot reuse already awaited coroutine");
}

void report_never_awaited(const PromiseBase& promise) noexcept {
  ExceptionContext context;
  context.made = call_site(promise.where());
  context.message = "coroutine '" + context.made.function + "' was never awaited";
  if (EventLoop* const loop = find_running_loop()) {
    loop->call_exception_handler(context);
  } else {
    EventLoop::default_exception_handler(context);
  }
}

Context TaskBase::context() {
  if (!context_) context_ = Ref<ContextState>(new ContextState);
  return Context(context_);
}

std::vector<CallSite> TaskBase::stack() const {
  std::vector<CallSite> sites;
  if (root_ == nullptr) return sites;  // done, or destroyed by the closing loop
  for (const PromiseBase* promise = leaf_; promise != nullptr; promise = promise->parent()) {
    sites.push_back(call_site(promise->where()));
  }
  std::reverse(sites.begin(), sites.end());
  return sites;
}

std::string TaskBase::describe_progress() const {
  if (root_ == nullptr) return {};
  std::string text = " in " + to_string(call_site(leaf_->where()));
  if (loop() != nullptr && loop()->tasks().current == this) {
    text += " running";
  } else if (waiting_on_ != nullptr) {
    text += " waits for " + waiting_on_->describe();
  }
  return text;
}

std::string TaskBase::describe_step() const {
  return name() + (has(kStarted) ? " from " : " in ") + to_string(call_site(leaf_->where()));
}

void print_stack(std::ostream& out, const TaskBase& task) {
  const std::vector<CallSite> stack = task.stack();
  if (stack.empty()) {
    out << "No stack for " << task.name() << "\n";
    return;
  }
  out << "Stack for " << task.name() << " (most recent call last):\n";
  for (const CallSite& site : stack) out << "  " << to_string(site) << "\n";
}

}  // namespace detail

std::string describe_waits(EventLoop& loop) {
  std::string lines;
  const detail::ListNode& all = loop.tasks().all;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    const auto& task = static_cast<const detail::TaskBase&>(*node);
    lines += "  " + task.name() + task.describe_progress() + "\n";
  }
  if (!lines.empty()) lines.pop_back();
  return lines;
}

}  // namespace asyncio
