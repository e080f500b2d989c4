using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>One rendering: its limits, and what values mean in it.</summary>
internal sealed class TemplateRun
{
    public TemplateRun(TemplateOptions options, RenderLimits limits)
    {
        Options = options;
        Budget = new Budget(limits);
        Equality = new ValueEquality(Budget);
        Order = new ValueOrder(Budget, Equality);
        Text = new ValueText(Budget);
    }

    public TemplateOptions Options { get; }

    public Budget Budget { get; }

    public ValueEquality Equality { get; }

    public ValueOrder Order { get; }

    public ValueText Text { get; }

    /// <summary>Where the rendering is, for the message of an error.</summary>
    public SourcePosition Position { get; set; }

    /// <summary>What a name without a value stands for.</summary>
    public Undefined Undefined(string name, string reason) => new(name, reason, Options.StrictUndefined);

    /// <summary>An empty dict.</summary>
    public TemplateDict NewDict() => new(Equality);
}
