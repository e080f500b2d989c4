using System.Text;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>Collects what a template, or a part of one, writes.</summary>
internal sealed class Output(Budget budget, int expected = 0)
{
    private readonly StringBuilder text = new(Math.Max(16, expected));

    public void Write(string value)
    {
        budget.CountText(value.Length);
        budget.CheckText(text.Length + value.Length);
        text.Append(value);
    }

    public override string ToString() => text.ToString();
}
