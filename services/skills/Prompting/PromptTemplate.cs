using Mainstay.Skills.Rendering;

namespace Mainstay.Skills.Prompting;

/// <summary>How the registry reads prompt templates: a variable without a value is an error, so that no prompt goes out with a hole in it.</summary>
internal static class PromptTemplate
{
    private static readonly TemplateOptions Options = new() { StrictUndefined = true };

    /// <summary>The parsed template; throws <see cref="TemplateException"/> with line and column where it does not parse.</summary>
    public static Template Parse(string source) => Template.Parse(source, Options);
}
