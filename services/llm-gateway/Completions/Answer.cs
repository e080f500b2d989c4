using System.Runtime.CompilerServices;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>An answer as one caller gets it.</summary>
/// <param name="running">The answer.</param>
/// <param name="isReplayed">Whether another call asked and paid for it.</param>
internal sealed class Answer(RunningCompletion running, bool isReplayed)
{
    /// <summary>An answer that is stored.</summary>
    public static Answer Stored(Completion completion)
    {
        var running = new RunningCompletion();
        running.Succeed(completion);
        return new Answer(running, isReplayed: true);
    }

    /// <summary>The whole answer.</summary>
    public async Task<Completion> WholeAsync(CancellationToken cancellationToken)
    {
        var completion = await running.Whole.WaitAsync(cancellationToken);
        return isReplayed ? new Completion(completion) { Replayed = true } : completion;
    }

    /// <summary>The pieces of the text as they come, then the whole; a text of which no piece came is one piece.</summary>
    public async IAsyncEnumerable<StreamCompleteResponse> PartsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isTold = false;
        await foreach (var piece in running.TextAsync(cancellationToken))
        {
            isTold = true;
            yield return new StreamCompleteResponse { TextDelta = piece };
        }

        var completion = await WholeAsync(cancellationToken);
        if (!isTold && completion.Message.Content.Length > 0)
        {
            yield return new StreamCompleteResponse { TextDelta = completion.Message.Content };
        }

        yield return new StreamCompleteResponse { Completion = completion };
    }
}
