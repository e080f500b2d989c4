using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.ServiceDefaults.Tests.Schemas;

public sealed class JsonSchemaValidatorTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"multipleOf":0.1}""", "0.3")]
    [InlineData("""{"maxLength":1}""", "\"😀\"")]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2.0,"a":1}""")]
    [InlineData("""{"uniqueItems":true}""", "[1,true,\"1\"]")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""", """["a",1,2]""")]
    [InlineData("""{"$defs":{"a/b":{"type":"null"}},"$ref":"#/$defs/a~1b"}""", "null")]
    [InlineData("""{"$defs":{"n":{"$anchor":"n","type":"null"}},"$ref":"#n"}""", "null")]
    [InlineData("""{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}""", """{"next":{"next":{}}}""")]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1}""")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}}""", "2")]
    [InlineData("""{"format":"email"}""", "\"anything\"")]
    [InlineData("true", "{}")]
    public void Validate_FittingValue_FindsNothing(string schema, string instance) =>
        Assert.Empty(JsonSchemaValidator.Validate(JsonNode.Parse(schema)!, JsonNode.Parse(instance)));

    [Theory]
    [InlineData("""{"type":"string"}""", "5", "", "must be a string, but is a number")]
    [InlineData("""{"type":["integer","null"]}""", "1.5", "", "must be an integer or null, but is a number")]
    [InlineData("""{"enum":["pass","fail"]}""", "\"ok\"", "", "must be one of \"pass\", \"fail\", but is \"ok\"")]
    [InlineData("""{"properties":{"a/b":{"items":{"maximum":3}}}}""", """{"a/b":[1,4]}""", "/a~1b/1", "must be at most 3, but is 4")]
    [InlineData("""{"required":["verdict"]}""", "{}", "", "must have the property 'verdict'")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"b":1}""", "/b", "is not a known property; known are a")]
    [InlineData("""{"pattern":"^a+$"}""", "\"b\"", "", "must match the pattern ^a+$")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "", "must fit exactly one of 2 alternatives, but fits 2")]
    [InlineData("""{"anyOf":[{"type":"null"},{"required":["x"]}]}""", "{}", "", "must fit one of 2 alternatives. (1) it must be null, but is an object. (2) it must have the property 'x'.")]
    [InlineData("""{"not":{"type":"null"}}""", "null", "", """must not fit {"type":"null"}""")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "", "must have the property 'b' because it has 'a'")]
    [InlineData("""{"contains":{"const":1},"minContains":2}""", "[1,2]", "", """must hold at least 2 items that fit {"const":1}, but holds 1""")]
    [InlineData("""{"properties":{"a":true},"unevaluatedProperties":false}""", """{"b":1}""", "/b", "is not allowed here")]
    public void Validate_OtherValue_NamesPlaceAndExpectation(string schema, string instance, string path, string message)
    {
        var violation = Assert.Single(JsonSchemaValidator.Validate(JsonNode.Parse(schema)!, JsonNode.Parse(instance)));

        Assert.Equal(new SchemaViolation(path, message), violation);
    }

    [Fact]
    public void Validate_SchemaReferringToItselfAtOnce_Ends() =>
        Assert.Single(JsonSchemaValidator.Validate(JsonNode.Parse("""{"$ref":"#"}""")!, 1));

    [Fact]
    public void CheckSchema_Schema_FindsNothing() => Assert.Empty(JsonSchemaValidator.CheckSchema(JsonNode.Parse("""
        {"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":["string","null"],"pattern":"^x(?=y)"}},"required":["a"],"x-note":"free"}
        """)));

    [Theory]
    [InlineData("[]", "")]
    [InlineData("""{"type":"text"}""", "/type")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "/properties/a/minLength")]
    [InlineData("""{"pattern":"("}""", "/pattern")]
    [InlineData("""{"required":"a"}""", "/required")]
    [InlineData("""{"items":{"$ref":"#/$defs/none"}}""", "/items/$ref")]
    [InlineData("""{"anyOf":[true,1]}""", "/anyOf/1")]
    public void CheckSchema_OtherValue_NamesThePlace(string schema, string path) =>
        Assert.Equal(path, Assert.Single(JsonSchemaValidator.CheckSchema(JsonNode.Parse(schema))).InstancePath);
}
