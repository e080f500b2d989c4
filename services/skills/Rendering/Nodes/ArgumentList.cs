using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>The arguments of a call, a filter or a test, as written.</summary>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Spread, Expression? NamedSpread)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public CallArguments Evaluate(Frame frame)
    {
        if (ReferenceEquals(this, Empty))
        {
            return CallArguments.None;
        }

        var positional = Positional.Select(argument => argument.Evaluate(frame)).ToList();
        var named = Named.Select(argument => KeyValuePair.Create(argument.Name, argument.Value.Evaluate(frame))).ToList();
        if (Spread is not null)
        {
            positional.AddRange(frame.Run.Budget.ToList(Iteration.Of(Spread.Evaluate(frame))));
        }

        if (NamedSpread?.Evaluate(frame) is { } mapping)
        {
            var dict = mapping as TemplateDict ?? throw TemplateException.Runtime($"'**' needs a mapping, not {TypeName.Of(mapping)}");
            named.AddRange(dict.Entries.Select(entry => KeyValuePair.Create(frame.Run.Text.Of(entry.Key), entry.Value)));
        }

        return new CallArguments(positional, named);
    }
}
