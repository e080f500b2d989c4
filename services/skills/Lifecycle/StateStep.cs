using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Lifecycle;

/// <summary>A step in a version's life.</summary>
/// <param name="Action">As the audit trail names it.</param>
/// <param name="From">The states that it may begin in.</param>
/// <param name="To">The state that it ends in.</param>
/// <param name="Reason">Why; empty where none is asked for.</param>
internal sealed record StateStep(string Action, IReadOnlyList<string> From, string To, string Reason)
{
    /// <summary>Refuses the step for a reason of its own; by default it never does.</summary>
    public Func<StateCheck, Task> Check { get; init; } = _ => Task.CompletedTask;
}

/// <summary>What a step looks at before it is taken.</summary>
internal sealed record StateCheck(NpgsqlConnection Connection, NpgsqlTransaction Transaction, Skill Skill, string Author);
