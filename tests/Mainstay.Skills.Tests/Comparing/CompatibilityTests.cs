using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Comparing;

public sealed class CompatibilityTests
{
    [Theory]
    [InlineData("""{"type": "object"}""", """{"type": "object", "properties": {"note": {"type": "string"}}}""")]
    [InlineData("""{"type": "number"}""", """{"type": "integer"}""")]
    [InlineData("""{"type": ["string", "null"]}""", """{"type": "string"}""")]
    [InlineData("""{"enum": ["pass", "fail", "unclear"]}""", """{"enum": ["pass", "fail"]}""")]
    [InlineData("""{"minimum": 0, "maximum": 10}""", """{"type": "number", "exclusiveMinimum": 0, "maximum": 5}""")]
    [InlineData("""{"properties": {"a": {"type": "string"}}}""", """{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}""")]
    [InlineData("""{"items": {"type": "string"}}""", """{"type": "array", "items": {"enum": ["x"]}, "maxItems": 3}""")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"type": "integer"}]}""", """{"oneOf": [{"type": "integer"}, {"type": "string"}]}""")]
    [InlineData("""{"$defs": {"v": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/v"}}}""", """{"type": "object", "properties": {"a": {"const": "x"}}}""")]
    [InlineData("""{"type": "object", "not": {"required": ["x"]}}""", """{"type": "object", "not": {"required": ["x"]}, "minProperties": 1}""")]
    [InlineData("""{"patternProperties": {"^\\d$": {"type": "string"}}}""", """{"type": "object", "patternProperties": {"^\\d$": {"type": "string"}}, "properties": {"٣": {"type": "integer"}}}""")]
    public void Differences_OutputWithinTheOldOne_AreNone(string old, string @new) => Assert.Empty(Output(old, @new));

    [Theory]
    [InlineData("""{"type": "integer"}""", """{"type": "number"}""", "", SchemaDifferenceKind.Type)]
    [InlineData("""{"type": "string"}""", """{"type": ["string", "null"]}""", "", SchemaDifferenceKind.Type)]
    [InlineData("""{"enum": ["pass", "fail"]}""", """{"enum": ["pass", "fail", "unclear"]}""", "", SchemaDifferenceKind.Value)]
    [InlineData("""{"enum": ["pass", "fail"]}""", """{"type": "string"}""", "", SchemaDifferenceKind.Value)]
    [InlineData("""{"type": "object", "required": ["a"]}""", """{"type": "object"}""", "/a", SchemaDifferenceKind.Required)]
    [InlineData("""{"type": "number", "maximum": 5}""", """{"type": "number", "maximum": 6}""", "", SchemaDifferenceKind.Bound)]
    [InlineData("""{"type": "string", "maxLength": 5}""", """{"type": "string"}""", "", SchemaDifferenceKind.Bound)]
    [InlineData("""{"type": "string", "pattern": "^a"}""", """{"type": "string", "pattern": "^b"}""", "", SchemaDifferenceKind.Pattern)]
    [InlineData("""{"type": "object", "additionalProperties": false}""", """{"type": "object", "properties": {"a": {}}, "additionalProperties": false}""", "/a", SchemaDifferenceKind.NotAllowed)]
    [InlineData("""{"type": "array", "items": {"type": "string"}}""", """{"type": "array", "items": {"type": "boolean"}}""", "/*", SchemaDifferenceKind.Type)]
    [InlineData("""{"type": "object", "properties": {"a/b": {"type": "string"}}}""", """{"type": "object", "properties": {"a/b": {"type": "null"}}}""", "/a~1b", SchemaDifferenceKind.Type)]
    [InlineData("""{"type": "string", "not": {"const": "x"}}""", """{"type": "string"}""", "", SchemaDifferenceKind.Undecided)]
    public void Differences_OutputBeyondTheOldOne_AreNamed(string old, string @new, string path, SchemaDifferenceKind kind)
    {
        var difference = Assert.Single(Output(old, @new));

        Assert.Equal(("output_schema", path, kind), (difference.Schema, difference.Path, difference.Kind));
    }

    [Fact]
    public void Differences_VariableNewlyRequired_BreaksThoseWhoCall()
    {
        var difference = Assert.Single(Variables("""{"type": "object"}""", """{"type": "object", "required": ["sheet"]}"""));

        Assert.Equal(("variables_schema", "/sheet", SchemaDifferenceKind.Required), (difference.Schema, difference.Path, difference.Kind));
    }

    [Fact]
    public void Differences_OptionalVariableAdded_AreNone() =>
        Assert.Empty(Variables("""{"type": "object"}""", """{"type": "object", "properties": {"note": {"type": "string"}}}"""));

    [Fact]
    public void Differences_SchemaThatRefersToItself_Ends()
    {
        const string Tree = """{"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}""";

        Assert.Empty(Output(Tree, Tree));
        Assert.Empty(Output(Tree, """{"type": "object", "required": ["children"], "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}"""));
    }

    private static IReadOnlyList<SchemaDifference> Output(string old, string @new) => Compatibility.Differences(null, null, Struct.Parser.ParseJson(old), Struct.Parser.ParseJson(@new));

    private static IReadOnlyList<SchemaDifference> Variables(string old, string @new) => Compatibility.Differences(Struct.Parser.ParseJson(old), Struct.Parser.ParseJson(@new), null, null);
}
