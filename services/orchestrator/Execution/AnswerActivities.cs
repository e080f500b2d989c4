using Mainstay.Llm.V1;
using Mainstay.Orchestrator.Events;
using Mainstay.Skills.V1;
using Temporalio.Activities;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Checks whether what a model says in the end is an answer.</summary>
internal sealed class AnswerActivities(RunStore runs, RunRecorder recorder, SkillService.SkillServiceClient skills, TimeProvider clock)
{
    /// <summary>Checks an answer against the skill's schema; when it does not fit, tells the model what to mend.</summary>
    [Activity("check_answer")]
    public async Task<AnswerVerdict> CheckAnswerAsync(AnswerCheck check)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var run = await runs.ReadAsync(check.TaskId, cancellationToken);
        var message = await runs.ReadMessageAsync(check.TaskId, check.MessagePosition, cancellationToken);
        var problem = await ProblemAsync(run, message);
        if (problem.Length == 0)
        {
            return new AnswerVerdict(true, "");
        }

        await recorder.RecordAsync(
            check.TaskId,
            (connection, transaction) => RunStore.WriteMessageAsync(
                connection,
                transaction,
                check.TaskId,
                check.MessagePosition + 1,
                new Message { Role = Role.User, Content = $"That is not a valid answer. {problem} Answer again with JSON alone that validates." },
                cancellationToken),
            cancellationToken,
            new NewTaskEvent($"answer/{check.Iteration}/rejected", TaskEventTypes.AnswerRejected, new Dictionary<string, object?> { ["iteration"] = check.Iteration, ["problem"] = problem }));
        return new AnswerVerdict(false, problem);
    }

    private async Task<string> ProblemAsync(RunContext run, Message message)
    {
        if (!run.Pinned.HasOutputSchema)
        {
            return "";
        }

        if (!AnswerJson.TryRead(message.Content, out var answer, out var error))
        {
            return $"It is not JSON: {error}";
        }

        var response = await PeerCall.RunAsync("skills", clock, async token => await skills.ValidateOutputAsync(
            new ValidateOutputRequest { SkillName = run.Pinned.AnswerSkill, Version = run.Pinned.AnswerVersion, Output = answer },
            run.ActingForInitiator,
            cancellationToken: token));
        return string.Join(' ', response.Violations.Select(violation =>
            $"{(violation.InstancePath.Length > 0 ? violation.InstancePath : "The whole")}: {violation.Message}{(violation.Message.EndsWith('.') ? "" : ".")}"));
    }
}
