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

    [Theory]
    [InlineData("^\\d+$", "12", true)]
    [InlineData("^\\d+$", "\u0661", false)]
    [InlineData("^\\w+$", "\u00e9", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^\\p{Letter}+$", "\u00e9", true)]
    [InlineData("^\ud83d\udc32*$", "\ud83d\udc32\ud83d\udc32", true)]
    [InlineData("^[[]$", "[", true)]
    public void Validate_Pattern_MeansWhatEcmaScriptMeans(string pattern, string text, bool fits) =>
        Assert.Equal(fits, JsonSchemaValidator.Validate(new JsonObject { ["pattern"] = pattern }, text).Count == 0);

    [Theory]
    [InlineData("""{"$id":"https://example.com/a/","$defs":{"b":{"$id":"b","$defs":{"c":{"type":"null"}}}},"$ref":"b#/$defs/c"}""", "null", true)]
    [InlineData("""{"$id":"https://example.com/a/","$defs":{"b":{"$id":"b","$defs":{"c":{"type":"null"}}}},"$ref":"b#/$defs/c"}""", "1", false)]
    [InlineData("""{"$ref":"https://example.com/library"}""", "\"text\"", true)]
    [InlineData("""{"$ref":"https://example.com/library#/$defs/number"}""", "\"text\"", false)]
    [InlineData("""{"$ref":"https://example.com/unknown"}""", "\"text\"", false)]
    [InlineData("""{"$id":"https://example.com/strict","$dynamicAnchor":"item","$ref":"https://example.com/tree","minProperties":1}""", """{"child":{}}""", false)]
    [InlineData("""{"$id":"https://example.com/strict","$dynamicAnchor":"item","$ref":"https://example.com/tree"}""", """{"child":{}}""", true)]
    public void Validate_ReferenceElsewhere_IsFollowedWithinTheLibrary(string schema, string instance, bool fits)
    {
        var library = new SchemaLibrary();
        library.Add("https://example.com/library", JsonNode.Parse("""{"type":"string","$defs":{"number":{"type":"number"}}}"""));
        library.Add("https://example.com/tree", JsonNode.Parse("""{"$dynamicAnchor":"item","properties":{"child":{"$dynamicRef":"#item"}}}"""));

        Assert.Equal(fits, JsonSchemaValidator.Validate(JsonNode.Parse(schema)!, JsonNode.Parse(instance), library).Count == 0);
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
