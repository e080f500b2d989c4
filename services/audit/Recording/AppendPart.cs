namespace Mainstay.Audit.Recording;

/// <summary>What one caller brings; it is committed together with others' parts.</summary>
internal sealed class AppendPart(IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> deadLetters)
{
    private readonly TaskCompletionSource<Appended> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<IncomingEvent> Events => events;

    public IReadOnlyList<DeadLetter> DeadLetters => deadLetters;

    /// <summary>What became of it, once it is committed.</summary>
    public Task<Appended> Outcome => outcome.Task;

    public void Succeed(Appended appended) => outcome.SetResult(appended);

    public void Fail(Exception exception) => outcome.SetException(exception);
}
