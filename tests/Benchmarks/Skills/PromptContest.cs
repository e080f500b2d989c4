using System.Globalization;
using System.Text.Json.Nodes;
using HandlebarsDotNet;
using Mainstay.Benchmarks.Harness;
using Mainstay.Skills.Rendering;

namespace Mainstay.Benchmarks.Skills;

/// <summary>The registry's engine against Handlebars.Net, both with the template parsed beforehand and the same text to come out.</summary>
internal static class PromptContest
{
    /// <summary>A prompt of a page: text, variables, a table and a condition.</summary>
    public const string Template = """
        Review the sheet {{ sheet }} of the plant {{ plant }} against {{ procedure }} and name each deviation.
        Compare every measured value with its limit. Never judge a value that you could not read: a damaged sheet is a finding of its own.

        {% for row in rows %}{{ loop.index0 }}. {{ row.test }}: measured {{ row.measured }}, limit {{ row.limit }}{% if row.critical %} (critical){% endif %};
        {% endfor %}
        Write the report as Markdown, one heading for each test, then answer with the verdict, and with the evidence for it: the sheet, and where in it.
        """;

    // A line that only closes a block is left out whole, so that there is one more to give the same text.
    private const string Peer = """
        Review the sheet {{{ sheet }}} of the plant {{{ plant }}} against {{{ procedure }}} and name each deviation.
        Compare every measured value with its limit. Never judge a value that you could not read: a damaged sheet is a finding of its own.

        {{#each rows}}{{@index}}. {{{ test }}}: measured {{{ measured }}}, limit {{{ limit }}}{{#if critical}} (critical){{/if}};
        {{/each}}

        Write the report as Markdown, one heading for each test, then answer with the verdict, and with the evidence for it: the sheet, and where in it.
        """;

    /// <summary>Renders on one thread, each engine from the form of variables that it is made for.</summary>
    public static Contest Create(BenchmarkOptions options)
    {
        var ours = Mainstay.Skills.Rendering.Template.Parse(Template, new TemplateOptions { StrictUndefined = true });
        var variables = Variables();
        var peer = Handlebars.Create(new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture }).Compile(Peer);
        var context = new
        {
            sheet = "B-7",
            plant = "Norrvik",
            procedure = "the commissioning procedure",
            rows = Rows.Select(row => new { test = $"test {row}", measured = row * 1.5, limit = row * 2, critical = row % 3 == 0 }).ToArray(),
        };
        if (peer(context) != ours.Render(variables))
        {
            throw new InvalidOperationException($"The engines do not agree:\n{ours.Render(variables)}\n{peer(context)}");
        }

        return new Contest(
            "prompt of a page, both engines in process",
            () => Load.ForAsync(options.Duration, 1, () => Task.FromResult(ours.Render(variables))),
            () => Load.ForAsync(options.Duration, 1, () => Task.FromResult(peer(context))),
            Metric.Rate("prompts/s", null),
            Metric.P50(null),
            Metric.Cpu());
    }

    /// <summary>What the template is rendered with.</summary>
    public static JsonObject Variables() => new()
    {
        ["sheet"] = "B-7",
        ["plant"] = "Norrvik",
        ["procedure"] = "the commissioning procedure",
        ["rows"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonObject
        {
            ["test"] = $"test {row}",
            ["measured"] = row * 1.5,
            ["limit"] = row * 2,
            ["critical"] = row % 3 == 0,
        })]),
    };

    // No product with 1.5 is whole, as Jinja2 would then write 3.0 and .NET 3.
    private static IEnumerable<int> Rows => Enumerable.Range(0, 10).Select(row => (2 * row) + 1);
}
