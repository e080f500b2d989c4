namespace Temporalio.Worker.Tuning;

/// <summary>How many polls of a kind a worker has under way at once.</summary>
public abstract class PollerBehavior
{
    private protected PollerBehavior()
    {
    }

    /// <summary>As many as are allowed, all the time.</summary>
    public sealed class SimpleMaximum : PollerBehavior
    {
        public SimpleMaximum(int maximum = 5)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(maximum);
            Maximum = maximum;
        }

        public int Maximum { get; }
    }

    /// <summary>More when tasks wait, fewer when polls come back empty.</summary>
    public sealed class Autoscaling : PollerBehavior
    {
        public Autoscaling(int minimum = 1, int maximum = 100, int initial = 5)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(minimum);
            ArgumentOutOfRangeException.ThrowIfNegative(maximum);
            ArgumentOutOfRangeException.ThrowIfNegative(initial);
            Minimum = minimum;
            Maximum = maximum;
            Initial = initial;
        }

        public int Minimum { get; }

        public int Maximum { get; }

        public int Initial { get; }
    }
}
