#include "schema.hpp"

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace asyncdemo_test {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

std::unique_ptr<valijson::Schema> read_schema() {
  std::ifstream file(ASYNCDEMO_SCHEMA);
  const nlohmann::json text = nlohmann::json::parse(file);
  auto schema = std::make_unique<valijson::Schema>();
  valijson::SchemaParser().populateSchema(Adapter(text), *schema);
  return schema;
}

}  // namespace

std::string objections(const nlohmann::json& document) {
  static const std::unique_ptr<valijson::Schema> schema = read_schema();
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(*schema, Adapter(document), &results)) return "";
  std::string text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) text += error.description + "; ";
  return text;
}

}  // namespace asyncdemo_test
