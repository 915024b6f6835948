// The defences against hostile peers and failing disks, by name, so that a test can show that it misses each of them.
#pragma once

namespace essaim {

// What stands behind each is said where it stands. tests/removal/defences.py names the test of each: it passes as
// long as the defence is there, and fails when it is taken out. docs/security.md says whom each protects.
enum class Defence {
  // Frames and JSON (T6, T8).
  kFrameLength,
  kFramePrepareStep,
  kPayloadLength,
  kPayloadUnexpected,
  kJsonDepth,
  kJsonKeys,
  kJsonValues,
  kJsonDuplicateKey,
  kFieldTextLength,
  kFieldIntegerRange,
  kFieldArrayLength,
  kFirstByte,
  // Names (T12, T24).
  kPathDotPart,
  kPathAbsolute,
  kPathControl,
  kPathUtf8,
  kPathPartLength,
  kPathLength,
  kPathDepth,
  kPrintable,
  kLinkName,
  kTreeOrder,
  kTreeFolders,
  kTreeTarget,
  kTreeBytesInAll,
  // Content (T10, T15).
  kChunkHash,
  kChunkLength,
  kManifestLeafCount,
  kManifestId,
  kContentSize,
  kLiarCutOff,
  kClassicFileHash,
  kClassicChunkHash,
  // Discovery (T1, T4, T5).
  kDatagramLength,
  kDatagramForeign,
  kDatagramRate,
  kDatagramRatePerSource,
  kAnswerRate,
  kAnswerRatePerSource,
  kAnswerLength,
  kProvenAddress,
  kProvenClaims,
  kGoodbyeFromElsewhere,
  kPeersUnverified,
  kPeersPerAddress,
  kUnaskedDialRate,
  kUnaskedDialPort,
  // Connections (T2, T7, T9, T17, T18).
  kDoorPlaces,
  kDoorPlacesPerAddress,
  kDoorEviction,
  kOpenDeadline,
  kIdleLimit,
  kMinimumRate,
  kPinnedKey,
  kOneCertificate,
  kCertificateDates,
  kKeyKind,
  kAlpn,
  kHelloFirst,
  kSessionsPerPeer,
  kSessionsPerAddress,
  kUnsentAnswers,
  kClassicPlaces,
  kClassicListsKept,
  kNoDowngrade,
  kUploadQueuePerAsker,
  // People and their page (T1, T3, T19 to T23).
  kAudience,
  kNameOwner,
  kPairingCommitment,
  kPairingTries,
  kOffersWaiting,
  kOfferRuleSize,
  kPageHost,
  kPageOrigin,
  kPageRight,
  kPageBodyType,
  // The disk (T11, T13, T14, R5, R21).
  kBeneath,
  kNoReplace,
  kRegularFile,
  kSecondName,
  kFileUnchanged,
  kFreeSpace,
  kNewerCatalogue,
  kBrokenCatalogue,
};

#ifdef ESSAIM_REMOVABLE
// False for the one whose number in the list above $ESSAIM_WITHOUT gives.
[[nodiscard]] bool defended(Defence defence);
#else
[[nodiscard]] constexpr bool defended(Defence /*defence*/) { return true; }
#endif

}  // namespace essaim
