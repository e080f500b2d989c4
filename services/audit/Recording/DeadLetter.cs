namespace Mainstay.Audit.Recording;

/// <summary>A message that could not be stored as an event, with the reason.</summary>
internal sealed record DeadLetter(string Reason, byte[] Body)
{
    // As a header, the reason has to fit in one frame beside all else.
    private const int MostReasonCharacters = 500;

    /// <summary>Why, as text that the database, a header and a terminal take, whatever of the message it quotes.</summary>
    public string Reason { get; } = Presentable(Reason);

    /// <summary>A reason as it stands in a dead letter: its first 500 characters, with what would act made visible.</summary>
    public static string Presentable(string reason) =>
        VisibleText.Of(reason.Length <= MostReasonCharacters ? reason : $"{reason.AsSpan(0, MostReasonCharacters)}…");
}

/// <summary>What became of events that were to be stored.</summary>
/// <param name="Stored">How many were new.</param>
/// <param name="Known">How many the trail held already.</param>
/// <param name="Taken">Those whose id belongs to an event with other content.</param>
internal sealed record Appended(int Stored, int Known, IReadOnlyList<DeadLetter> Taken);
