namespace Mainstay.Audit.Recording;

/// <summary>A message that could not be stored as an event, with the reason.</summary>
internal sealed record DeadLetter(string Reason, byte[] Body);

/// <summary>What became of events that were to be stored.</summary>
/// <param name="Stored">How many were new.</param>
/// <param name="Known">How many the trail held already.</param>
/// <param name="Taken">Those whose id belongs to an event with other content.</param>
internal sealed record Appended(int Stored, int Known, IReadOnlyList<DeadLetter> Taken);
