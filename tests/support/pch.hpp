// The precompiled header of the test programs. Nothing relies on it: every file includes what it uses.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "third_party/pch.hpp"
