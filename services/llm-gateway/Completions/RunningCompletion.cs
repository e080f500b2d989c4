using System.Runtime.CompilerServices;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>An answer while it comes: whoever reads it, from whenever on, gets all its parts.</summary>
internal sealed class RunningCompletion
{
    private readonly Lock gate = new();
    private readonly List<string> pieces = [];
    private readonly TaskCompletionSource<Completion> whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The whole answer, or why there is none.</summary>
    public Task<Completion> Whole => whole.Task;

    /// <summary>Adds a piece of the text.</summary>
    public void AddText(string piece) => Tell(() => pieces.Add(piece));

    /// <summary>Ends with the whole answer.</summary>
    public void Succeed(Completion completion) => Tell(() => whole.TrySetResult(completion));

    /// <summary>Ends without an answer.</summary>
    public void Fail(Exception exception) => Tell(() =>
    {
        whole.TrySetException(exception);

        // Nobody may be left who reads it; it is in the log and in the trail.
        _ = whole.Task.Exception;
    });

    /// <summary>The pieces of the text, from the first.</summary>
    public async IAsyncEnumerable<string> TextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = 0;
        while (true)
        {
            var (read, more, isLast) = Read(next);
            foreach (var piece in read)
            {
                yield return piece;
            }

            if (isLast)
            {
                yield break;
            }

            next += read.Count;
            await more.WaitAsync(cancellationToken);
        }
    }

    private (List<string> Read, Task More, bool IsLast) Read(int next)
    {
        lock (gate)
        {
            return (pieces.GetRange(next, pieces.Count - next), news.Task, whole.Task.IsCompleted);
        }
    }

    private void Tell(Action change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            change();
            (told, news) = (news, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }
}
