using System.Text.Json.Nodes;
using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering;

/// <summary>A Jinja2 template that has been parsed; it can be rendered any number of times, also at the same time.</summary>
internal sealed class Template
{
    private const int LongestExpected = 64 * 1024;

    private readonly Statement body;
    private readonly TemplateOptions options;

    // How long the last text was: most of one template's are about alike, and need not grow piece by piece.
    private int lastLength;

    private Template(Statement body, TemplateOptions options) => (this.body, this.options) = (body, options);

    /// <summary>Parses a template; throws <see cref="TemplateException"/> with line and column where it does not parse.</summary>
    public static Template Parse(string source, TemplateOptions? options = null)
    {
        var chosen = options ?? TemplateOptions.Default;
        return new Template(StatementParser.Parse(source, chosen), chosen);
    }

    /// <summary>Renders with the variables; throws <see cref="TemplateException"/> with line, column and variable where that fails.</summary>
    public string Render(JsonObject variables, RenderLimits? limits = null)
    {
        var run = new TemplateRun(options, limits ?? RenderLimits.Default);
        try
        {
            var scope = new Scope(outer: null);
            foreach (var (name, value) in variables)
            {
                scope.Set(name, JsonValues.From(value, run.Equality));
            }

            var frame = new Frame(run, new Scope(scope), new Output(run.Budget, Math.Min(lastLength, LongestExpected)));
            body.Execute(frame);
            var text = frame.Output.ToString();
            lastLength = text.Length;
            return text;
        }
        catch (TemplateException exception)
        {
            throw exception.At(run.Position);
        }
    }
}
