using System.Globalization;
using Mainstay.Skills.Rendering.Methods;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>The <c>attribute</c> argument of a filter: a path such as <c>a.b</c> or <c>0.name</c>, or nothing.</summary>
internal sealed class AttributePath
{
    private readonly object[] parts;
    private readonly object? otherwise;
    private readonly bool ignoresCase;

    private AttributePath(object[] parts, object? otherwise, bool ignoresCase) => (this.parts, this.otherwise, this.ignoresCase) = (parts, otherwise, ignoresCase);

    public static AttributePath Of(object? attribute, object? otherwise = null, bool ignoresCase = false) => new(Parts(attribute), otherwise, ignoresCase);

    /// <summary>Several paths with commas between them.</summary>
    public static IReadOnlyList<AttributePath> Several(object? attribute, bool ignoresCase) => attribute is string text
        ? [.. text.Split(',').Select(path => Of(path, ignoresCase: ignoresCase))]
        : [Of(attribute, ignoresCase: ignoresCase)];

    public object Read(TemplateRun run, object item)
    {
        foreach (var part in parts)
        {
            item = Attributes.GetItem(run, item, part, part as string ?? run.Text.Of(part));
            if (otherwise is not null && item is Undefined)
            {
                item = otherwise;
            }
        }

        return ignoresCase && item is string text ? LetterCase.Lower(text) : ignoresCase && item is Markup markup ? LetterCase.Lower(markup.Text) : item;
    }

    private static object[] Parts(object? attribute) => attribute switch
    {
        null or None => [],
        string path => [.. path.Split('.').Select(Part)],
        Markup path => [.. path.Text.Split('.').Select(Part)],
        _ => [attribute],
    };

    private static object Part(string part) =>
        part.Length > 0 && part.All(char.IsAsciiDigit) && long.TryParse(part, CultureInfo.InvariantCulture, out var index) ? index : part;
}
