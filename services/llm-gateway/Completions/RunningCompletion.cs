using System.Runtime.CompilerServices;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>An answer while it comes: whoever reads it, whenever, gets all its parts.</summary>
internal sealed class RunningCompletion
{
    private readonly Lock gate = new();
    private readonly List<StreamCompleteResponse> parts = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool ended;
    private Exception? failure;

    /// <summary>An answer that is there already.</summary>
    public static RunningCompletion Ended(Completion completion)
    {
        var whole = new RunningCompletion();
        whole.Add(new StreamCompleteResponse { Completion = completion });
        whole.End(null);
        return whole;
    }

    public void Add(StreamCompleteResponse part) => Change(() => parts.Add(part));

    public void End(Exception? withFailure) => Change(() =>
    {
        ended = true;
        failure = withFailure;
    });

    public async IAsyncEnumerable<StreamCompleteResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            StreamCompleteResponse[] read;
            Task news;
            bool last;
            lock (gate)
            {
                (read, news, last) = ([.. parts.Skip(next)], more.Task, ended);
            }

            foreach (var part in read)
            {
                yield return part;
            }

            next += read.Length;
            if (last)
            {
                break;
            }

            await news.WaitAsync(cancellationToken);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            change();
            (told, more) = (more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }
}
