#include "program.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "error.hpp"
#include "op.hpp"

namespace conformance {
namespace {

using nlohmann::json;

class Compiler;
using ReadField = void (*)(Compiler&, const json&, Statement&);

/// An op with its parsed fields.
struct Form {
  struct Entry {
    std::string name;
    bool required;
    bool may_be_null;
    ReadField read;
  };
  const Op* op = nullptr;
  std::vector<Entry> fields;
};

const Form& form_of(const std::string& op);

std::string to_value(const json& value) {
  if (value.is_null()) return kNone;
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  throw MalformedCase("a value must be an integer, boolean or null, not " + value.dump());
}

const std::string& to_text(const json& value) {
  if (!value.is_string()) throw MalformedCase("expected a string, not " + value.dump());
  return value.get_ref<const std::string&>();
}

class Compiler {
 public:
  Block block(const json& statements) {
    if (!statements.is_array()) throw MalformedCase("a block must be a list");
    Block block;
    block.reserve(statements.size());
    for (const json& statement : statements) block.push_back(this->statement(statement));
    return block;
  }

  Item item(const json& value, Statement& user) {
    if (!value.is_object() || value.size() != 1) {
      throw MalformedCase("not an item: " + value.dump());
    }
    Item item;
    if (const auto var = value.find("var"); var != value.end()) {
      item.var = used(*var, user);
    } else if (const auto body = value.find("body"); body != value.end()) {
      item.body = block(*body);
    } else {
      throw MalformedCase("not an item: " + value.dump());
    }
    return item;
  }

  Slot slot(const json& name) {
    const auto [found, is_new] = slots_.try_emplace(to_text(name), slots_.size());
    if (is_new) names_.push_back(found->first);
    return found->second;
  }
  /// Returns the slot of a variable and records that `user` cannot run without it.
  Slot used(const json& name, Statement& user) {
    const Slot var = slot(name);
    user.uses.push_back(var);
    return var;
  }

  [[nodiscard]] std::vector<std::string> take_names() { return std::move(names_); }

 private:
  Statement statement(const json& source);

  std::unordered_map<std::string, Slot> slots_;
  std::vector<std::string> names_;
};

[[noreturn]] void refuse_unknown_field(const json& source, const Form& form) {
  for (const auto& [name, value] : source.items()) {
    bool known = name == "op";
    for (const Form::Entry& field : form.fields) known = known || field.name == name;
    if (!known) throw MalformedCase(std::string(form.op->name) + " has no field '" + name + "'");
  }
  throw MalformedCase("not a statement: " + source.dump());
}

Statement Compiler::statement(const json& source) {
  if (!source.is_object() || !source.contains("op")) {
    throw MalformedCase("not a statement: " + source.dump());
  }
  const Form& form = form_of(to_text(source["op"]));
  Statement statement;
  statement.op = form.op;
  std::size_t read = 1;
  for (const Form::Entry& field : form.fields) {
    const auto value = source.find(field.name);
    if (value != source.end()) {
      const bool left_empty = field.may_be_null && value->is_null();
      if (!left_empty) field.read(*this, *value, statement);
      ++read;
    } else if (field.required) {
      throw MalformedCase(std::string(form.op->name) + " lacks '" + field.name + "'");
    }
  }
  if (read != source.size()) refuse_unknown_field(source, form);
  return statement;
}

void read_text(Compiler& /*compiler*/, const json& value, Statement& statement) {
  statement.text = to_text(value);
}

void read_flag(Compiler& /*compiler*/, const json& value, Statement& statement) {
  if (!value.is_boolean()) throw MalformedCase("expected true or false, not " + value.dump());
  statement.flag = value.get<bool>();
}

void read_number(Compiler& /*compiler*/, const json& value, Statement& statement) {
  if (!value.is_number_integer()) throw MalformedCase("expected an integer, not " + value.dump());
  statement.number = value.get<std::int64_t>();
}

void read_value(Compiler& /*compiler*/, const json& value, Statement& statement) {
  statement.value = to_value(value);
  if (value.is_number_integer()) statement.number = value.get<std::int64_t>();
}

void read_return_when(Compiler& /*compiler*/, const json& value, Statement& statement) {
  const std::string& name = to_text(value);
  if (name == "FIRST_COMPLETED") {
    statement.return_when = asyncio::ReturnWhen::first_completed;
  } else if (name == "FIRST_EXCEPTION") {
    statement.return_when = asyncio::ReturnWhen::first_exception;
  } else if (name != "ALL_COMPLETED") {
    throw MalformedCase("unknown return_when " + name);
  }
}

void read_catch(Compiler& /*compiler*/, const json& value, Statement& statement) {
  statement.catches = kinds_caught_by(to_text(value));
  if (statement.catches == 0) throw MalformedCase("unknown kind of error to catch " + value.dump());
}

void read_vars(Compiler& compiler, const json& value, Statement& statement) {
  if (!value.is_array()) throw MalformedCase("vars must be a list");
  for (const json& name : value) statement.vars.push_back(compiler.used(name, statement));
}

void read_items(Compiler& compiler, const json& value, Statement& statement) {
  if (!value.is_array()) throw MalformedCase("items must be a list");
  for (const json& item : value) statement.items.push_back(compiler.item(item, statement));
}

const std::unordered_map<std::string_view, ReadField>& field_readers() {
  static const std::unordered_map<std::string_view, ReadField> readers = {
      {"as", [](Compiler& c, const json& value, Statement& s) { s.as = c.slot(value); }},
      {"var", [](Compiler& c, const json& value, Statement& s) { s.var = c.used(value, s); }},
      {"group", [](Compiler& c, const json& value, Statement& s) { s.group = c.used(value, s); }},
      {"vars", read_vars},
      {"items", read_items},
      {"item",
       [](Compiler& c, const json& value, Statement& s) { s.items.push_back(c.item(value, s)); }},
      {"body", [](Compiler& c, const json& value, Statement& s) { s.body = c.block(value); }},
      {"handler", [](Compiler& c, const json& value, Statement& s) { s.handler = c.block(value); }},
      {"finally", [](Compiler& c, const json& value, Statement& s) { s.finally = c.block(value); }},
      {"text", read_text},
      {"message", read_text},
      {"label", read_text},
      {"name", read_text},
      {"kind", read_text},
      {"value", read_value},
      {"delay", read_number},
      {"timeout", read_number},
      {"n", read_number},
      {"times", read_number},
      {"parties", read_number},
      {"maxsize", read_number},
      {"reraise", read_flag},
      {"eager", read_flag},
      {"return_exceptions", read_flag},
      {"bounded", read_flag},
      {"immediate", read_flag},
      {"catch", read_catch},
      {"return_when", read_return_when},
  };
  return readers;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

Form make_form(const Op& op) {
  Form form;
  form.op = &op;
  std::string_view rest = op.fields;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool required = !take_suffix(name, "?");
    const bool may_be_null = take_suffix(name, "|null");
    form.fields.push_back({std::string(name), required, may_be_null, field_readers().at(name)});
  }
  return form;
}

std::unordered_map<std::string_view, Form> make_forms() {
  std::unordered_map<std::string_view, Form> forms;
  for (const auto ops : {control_ops(), task_ops(), callback_ops(), combine_ops(), timeout_ops(),
                         sync_ops(), queue_ops(), group_ops()}) {
    for (const Op& op : ops) forms.emplace(op.name, make_form(op));
  }
  return forms;
}

const Form& form_of(const std::string& op) {
  static const auto forms = make_forms();
  const auto found = forms.find(op);
  if (found == forms.end()) throw UnsupportedOp(op);
  return found->second;
}

}  // namespace

asyncio::TimeLimit Statement::limit() const {
  if (!number) return std::nullopt;
  return std::chrono::seconds(*number);
}

Program compile(const json& program) {
  const auto main = program.find("main");
  if (main == program.end()) throw MalformedCase("a program must have 'main'");
  Compiler compiler;
  Program compiled;
  compiled.main = compiler.block(*main);
  compiled.names = compiler.take_names();
  return compiled;
}

}  // namespace conformance
