using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Clients;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Testing;

/// <summary>Puts one example to a model and scores its answer.</summary>
internal sealed class RunExample(RenderPrompt render, AskModel ask)
{
    private const string Approval = "PASS";
    private const int UsualRetries = 2;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    public async Task<ExampleResult> ExecuteAsync(ExampleRun run, CallerContext caller, CancellationToken cancellationToken)
    {
        var result = new ExampleResult { Name = run.Example.Name, Scoring = AnswerScore.Scoring(run.Example) };
        try
        {
            var rendered = render.Render(run.Skill, run.Example.Variables);
            var completion = await AskAsync(run, run.Input("answer", run.Model, TestMessages.Of(run.Skill, rendered)), caller, cancellationToken);
            result.CostMicroUsd = completion.Usage?.CostMicroUsd ?? 0;
            result.Answer = completion.Message.Content;
            result.Explanation = AnswerScore.Problem(run.Skill, run.Example, result.Scoring, result.Answer);
            result.Passed = result.Explanation.Length == 0;
            if (result.Passed && result.Scoring == ExampleScoring.Judge)
            {
                await JudgeAsync(run, result, caller, cancellationToken);
            }
        }
        catch (ServiceCallException exception) when (exception.StatusCode != StatusCode.Cancelled && !IsAway(exception))
        {
            result.Passed = false;
            result.Explanation = $"The model did not answer: {exception.Status.Detail}";
        }
        catch (ServiceCallException exception) when (IsAway(exception))
        {
            throw SkillErrors.GatewayAway("LLM gateway");
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            result.Explanation = $"The prompt could not be rendered: {exception.Status.Detail}";
        }

        return result;
    }

    private async Task JudgeAsync(ExampleRun run, ExampleResult result, CallerContext caller, CancellationToken cancellationToken)
    {
        var question = run.Input("judge", run.JudgeModel, TestMessages.ToJudge(run.Example, result.Answer));
        question.Temperature = 0;
        var verdict = await AskAsync(run, question, caller, cancellationToken);
        result.CostMicroUsd += verdict.Usage?.CostMicroUsd ?? 0;
        result.Explanation = verdict.Message.Content.Trim();
        result.Passed = result.Explanation.StartsWith(Approval, StringComparison.Ordinal);
    }

    private Task<Completion> AskAsync(ExampleRun run, CompletionInput input, CallerContext caller, CancellationToken cancellationToken)
    {
        var config = run.Skill.ExecutionConfig;
        var longest = config?.Timeout?.ToTimeSpan() is { } own && own < LongestAnswer ? own : LongestAnswer;
        return ask.ExecuteAsync(input, config is { HasMaxRetries: true } ? config.MaxRetries : UsualRetries, longest, caller, cancellationToken);
    }

    // A gateway that answers says why; one that is not there cannot.
    private static bool IsAway(ServiceCallException exception) => exception.StatusCode == StatusCode.Unavailable && exception.GetRpcStatus() is null;
}
