using System.Text.Json.Nodes;
using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering;

/// <summary>A Jinja2 template that has been parsed; it can be rendered any number of times, also at the same time.</summary>
internal sealed class Template
{
    private readonly Statement body;
    private readonly TemplateOptions options;

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

            var frame = new Frame(run, new Scope(scope), new Output(run.Budget));
            body.Execute(frame);
            return frame.Output.ToString();
        }
        catch (TemplateException exception)
        {
            throw exception.At(run.Position);
        }
    }
}
