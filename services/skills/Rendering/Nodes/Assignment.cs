using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>Gives names their values, unpacking where the target is a tuple.</summary>
internal static class Assignment
{
    public static void To(Expression target, object value, Frame frame)
    {
        switch (target)
        {
            case Name name:
                frame.Scope.Set(name.Identifier, value);
                break;
            case NamespaceTarget names:
                names.Assign(frame, value);
                break;
            case TupleLiteral tuple:
                Unpack(tuple, value, frame);
                break;
        }
    }

    private static void Unpack(TupleLiteral target, object value, Frame frame)
    {
        frame.Run.Position = target.Position;
        var items = frame.Run.Budget.ToList(Iteration.Of(value));
        if (items.Count != target.Items.Count)
        {
            throw TemplateException.Runtime($"{items.Count} values cannot be unpacked into {target.Items.Count} names");
        }

        for (var i = 0; i < items.Count; i++)
        {
            To(target.Items[i], items[i], frame);
        }
    }
}
