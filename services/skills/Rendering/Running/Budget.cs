using System.Runtime.CompilerServices;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>Counts what a rendering uses and stops it at its limits.</summary>
internal sealed class Budget(RenderLimits limits)
{
    private const int CharactersPerStep = 64;

    private int steps;
    private int calls;

    /// <summary>Counts one evaluation.</summary>
    public void Step() => Step(1);

    /// <summary>Refuses to go on where the stack is nearly used up.</summary>
    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.Limit("the template is nested too deeply");
        }
    }

    /// <summary>Refuses a text that would be too long, and counts it.</summary>
    public void CountText(long length)
    {
        CheckText(length);
        Step((int)(length / CharactersPerStep));
    }

    /// <summary>Refuses a text that would be too long.</summary>
    public void CheckText(long length)
    {
        if (length > limits.TextLength)
        {
            throw TemplateException.Limit($"a text would be longer than {limits.TextLength} characters");
        }
    }

    /// <summary>Refuses a list that would be too long, and counts its items.</summary>
    public void CheckItems(long count)
    {
        if (count > limits.Items)
        {
            throw TemplateException.Limit($"a list would have more than {limits.Items} items");
        }

        Step((int)count);
    }

    /// <summary>Makes a list, item by item, within the limits.</summary>
    public List<object> ToList(IEnumerable<object> items)
    {
        var list = new List<object>();
        foreach (var item in items)
        {
            Step();
            list.Add(item);
            if (list.Count > limits.Items)
            {
                CheckItems(list.Count);
            }
        }

        return list;
    }

    /// <summary>Counts a call within the calls that are under way.</summary>
    public void EnterCall()
    {
        CheckStack();
        if (++calls > limits.Calls)
        {
            throw TemplateException.Limit($"calls are nested more than {limits.Calls} deep");
        }
    }

    public void LeaveCall() => calls--;

    private void Step(int count)
    {
        steps += count;
        if (steps > limits.Steps)
        {
            throw TemplateException.Limit($"the template takes more than {limits.Steps} steps");
        }
    }
}
