using System.Text.Json.Nodes;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.Tests.Vectors;

namespace Mainstay.Skills.Tests.Rendering;

/// <summary>Holds the engine to what Jinja2 itself renders.</summary>
public sealed class JinjaVectorTests
{
    private static readonly IReadOnlyDictionary<string, JsonObject> Cases = VectorFile.Read("jinja2");

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_CaseOfTheReference_AgreesWithIt(string name)
    {
        var vector = Cases[name];
        var expected = vector["expect"]!.AsObject();

        var actual = Render(vector);

        Assert.True(Agrees(name, expected, actual), $"{vector["template"]}\nexpected: {expected.ToJsonString()}\nactual:   {actual.ToJsonString()}");
    }

    private static JsonObject Render(JsonObject vector)
    {
        var options = vector["options"]!;
        try
        {
            var template = Template.Parse(vector["template"]!.GetValue<string>(), new TemplateOptions
            {
                StrictUndefined = options["undefined"]?.GetValue<string>() == "strict",
                TrimBlocks = options["trim_blocks"]?.GetValue<bool>() ?? false,
                LstripBlocks = options["lstrip_blocks"]?.GetValue<bool>() ?? false,
                KeepTrailingNewline = options["keep_trailing_newline"]?.GetValue<bool>() ?? false,
            });
            return new JsonObject { ["output"] = template.Render(vector["context"]!.AsObject()) };
        }
        catch (TemplateException exception)
        {
            return new JsonObject { ["error"] = Kind(exception.Kind), ["message"] = exception.Message };
        }
    }

    private static bool Agrees(string name, JsonObject expected, JsonObject actual)
    {
        if (expected["output"] is { } output && actual["output"] is { } text && output.GetValue<string>() == text.GetValue<string>())
        {
            return true;
        }

        var kind = actual["error"]?.GetValue<string>();
        if (kind is not null && kind == expected["error"]?.GetValue<string>())
        {
            return true;
        }

        // Where the reference prints nothing for an unsafe attribute, a refusal is as good, and the other way round.
        var isSandbox = name.StartsWith("security.dunder.", StringComparison.Ordinal) || name.StartsWith("security.format.", StringComparison.Ordinal);
        var isSilent = expected["output"]?.GetValue<string>() is "" or "[]" || expected["error"]?.GetValue<string>() is "security" or "undefined";
        return isSandbox && isSilent && (kind is "security" or "undefined" || actual["output"]?.GetValue<string>() is "" or "[]");
    }

    private static string Kind(TemplateErrorKind kind) => kind == TemplateErrorKind.UnknownFilterOrTest ? "unknown_filter_or_test" : kind.ToString().ToLowerInvariant();
}
