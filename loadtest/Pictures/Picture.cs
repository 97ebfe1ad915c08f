namespace Keda.Inference.LoadTest.Pictures;

/// <summary>One picture that is sent again and again.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="ContentType">Such as image/jpeg.</param>
/// <param name="Bytes">The encoded picture.</param>
/// <param name="Label">What it shows, where that is known.</param>
internal sealed record Picture(string Name, string ContentType, byte[] Bytes, string? Label);
